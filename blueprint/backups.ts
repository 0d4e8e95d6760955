import type { BackupPlan } from "../model/blueprint.ts";
import type { DataPath } from "../model/service.ts";
import type { ActiveEstate } from "./active-estate.ts";

/** A backup of every data path that its service could not make again. */
export function backups(active: ActiveEstate): BackupPlan[] {
  const { backups: target } = active.estate;
  const place = target.kind === "storageBox" ? `storageBox:${target.name}` : `${target.on}:${target.path}`;
  return Object.entries(active.services).flatMap(([id, service]) =>
    service.data.flatMap((data) => {
      if (data.keep === "scratch") return [];
      return {
        host: service.on,
        service: id,
        path: data.path,
        repository: `${place}/${service.on}/${id}`,
        schedule: schedule(data.keep, `${service.on}/${id}`),
        keep: { daily: 7, weekly: 4, monthly: 6 },
        ...(data.dump === undefined ? {} : { dump: data.dump }),
      };
    }),
  );
}

/** Spread over the night (01:00 to 04:59 UTC), or over the hour, by the name: always the same, seldom at once. */
function schedule(keep: Exclude<DataPath["keep"], "scratch">, name: string): string {
  const spread = [...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 240, 7);
  const two = (number: number) => String(number).padStart(2, "0");
  return keep === "hourly"
    ? `*-*-* *:${two(spread % 60)}:00`
    : `*-*-* ${two(1 + Math.floor(spread / 60))}:${two(spread % 60)}:00`;
}
