import type { EngineEvent } from "../engine/events.ts";
import type { Engine, Job, Outcome } from "./engine.ts";
import { EXIT } from "./exit-codes.ts";

/**
 * Destroys as `pulumi destroy --yes` does (`pkg/backend/apply.go`, 3.260): a preview comes first, and when that fails,
 * as it does at a protected resource, its events are the whole answer and nothing is deleted. Without a preview all
 * that needs the protected resource, or stands beside what does, would be gone before the first refusal.
 */
export async function previewedDestroy(engine: Engine, job: Job): Promise<Outcome> {
  const events: EngineEvent[] = [];
  const preview = await engine.run({
    ...job,
    options: { ...job.options, previewOnly: true, expectNoChanges: false },
    onEvent: (event) => events.push(event),
  });
  if (preview.exit === EXIT.done) return engine.run(job);
  for (const event of events) job.onEvent(event);
  return preview;
}
