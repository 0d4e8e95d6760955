// One master serves all branches of its phase: the address of a branch opens at the builders of that branch.
const { branch } = document.currentScript.dataset;
if (location.hash.length < 3) location.replace(`#/builders?tags=${encodeURIComponent(`+${branch}`)}`);
