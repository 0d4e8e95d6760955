import * as pulumi from "@pulumi/pulumi";
import { blueprintOf } from "../../../blueprint/blueprint.ts";
import { someSettings } from "../../blueprint/arbitrary-estate.ts";
import { wholeEstate } from "../../components/whole-estate.ts";
import { generatedEstate } from "./generated-estate.ts";

const { hetzner, digitalOcean, zones } = blueprintOf(
  generatedEstate(new pulumi.Config().requireNumber("hosts")),
  someSettings,
);
const [zone] = zones;
wholeEstate({ hetzner, digitalOcean, ...(zone && { zone }) });
