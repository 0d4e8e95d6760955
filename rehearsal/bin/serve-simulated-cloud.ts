import { simulatedClouds } from "../clouds/simulated-clouds.ts";
import { serveProvider } from "../grpc/serve-provider.ts";

/** Serves one simulated cloud to the Pulumi CLI. REHEARSAL_CLOUDS names the folder of the clouds' files. */
const [cloud = ""] = process.argv.slice(2);
const folder = process.env["REHEARSAL_CLOUDS"];
if (!folder) {
  process.stderr.write(
    `The simulated ${cloud} provider is started by npm run rehearse -- … --engine pulumi, not by itself.\nTo serve it anyway, set REHEARSAL_CLOUDS to the folder for its file.\n`,
  );
  process.exit(2);
}
await serveProvider(await simulatedClouds(folder)(cloud, ""));
