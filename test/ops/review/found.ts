import { findings } from "../../../ops/review/findings/findings.ts";
import { previewOf, type StepOf } from "../preview-of.ts";

/** The findings of these steps, as `level: text`. */
export const found = (...steps: StepOf[]) =>
  findings(previewOf(steps)).map(({ level, text }) => `${level}: ${text.markdown}`);

export const risks = (...steps: StepOf[]) => found(...steps).filter((text) => text.startsWith("risk"));
