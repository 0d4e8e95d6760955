/** Names the password of a worker, which it and the masters share. */
export const workerPassword = (host: string): string => `worker-${host}`;
