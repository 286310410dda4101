import { randomInt } from "node:crypto";
import { invalidField } from "../../refusal.ts";

const hostnameLengthMax = 255;

/** A name, and the domain that was written behind its first dot. */
export interface GivenHostname {
  readonly hostname: string;
  readonly domain: string | undefined;
}

/** A host's name as MAAS takes it, with or without its domain. Never empty. */
export function parseHostname(text: string, field = "hostname"): GivenHostname {
  if (text.length > hostnameLengthMax) {
    throw invalidField(field, `Ensure this value has at most ${hostnameLengthMax} characters (it has ${text.length}).`);
  }
  const [hostname = "", ...rest] = text.split(".");
  if (hostname.includes("_")) throw invalidField(field, `Host label cannot contain underscore: '${hostname}'.`);
  checkLabels(hostname, field);
  return { hostname, domain: rest.length === 0 ? undefined : rest.join(".") };
}

/** A domain's name: labels of letters, digits and dashes. */
export function parseDomainName(text: string, field = "name"): string {
  if (text === "") throw invalidField(field, "This field is required.");
  if (text.length > 253) throw invalidField(field, "Ensure this value has at most 253 characters.");
  checkLabels(text, field);
  return text;
}

function checkLabels(text: string, field: string): void {
  for (const label of text.split(".")) {
    if (label === "") throw invalidField(field, "DNS name contains an empty label.");
    if (label.length > 63) throw invalidField(field, "Name is too long: a label has at most 63 characters.");
    if (!/^(?!-)[A-Za-z0-9-]+(?<!-)$/.test(label)) {
      throw invalidField(field, `Invalid label '${label}': use letters, digits and dashes, with no dash at an end.`);
    }
  }
}

/** Draws names for a node that was given none: several, since one may be taken. */
export function drawHostnames(): readonly string[] {
  const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? "";
  const short = Array.from({ length: 8 }, () => `${pick(adjectives)}-${pick(animals)}`);
  // Once most pairs are taken, a number tells them apart.
  const long = Array.from({ length: 4 }, () => `${pick(adjectives)}-${pick(animals)}-${randomInt(1_000, 1_000_000)}`);
  return [...short, ...long];
}

const adjectives = words(`able amber apt azure bold brave brief bright brisk calm candid civil clean clear clever close
  cool crisp daring deep eager early easy exact fair fast fine firm fond free fresh full gentle glad golden good grand
  green happy hardy honest humble ideal jolly just keen kind large level light lively loyal lucky mellow merry mild modest
  neat nimble noble open patient plain polite proud pure quick quiet rapid rare ready rich ripe royal sharp shiny silent
  simple sleek smart smooth snug solid sound stable steady still strong subtle sunny sure sweet swift tidy tough true
  upbeat vast vital vivid warm wide wise witty young zesty`);

const animals =
  words(`ant asp badger bat bear beaver bee bison boar bream bug camel carp cat civet clam cobra cod cow crab
  crane cricket crow deer dingo dog dove drake duck eagle eel egret elk emu falcon ferret finch fish flea fly fox frog
  gecko gibbon gnat goat goose grouse gull guppy hare hawk hen heron hippo hornet horse hound ibex ibis impala jackal jay
  kite kiwi koala krill lark lemur lion lizard llama lynx magpie mantis marmot marten midge mink mole moose moth mouse
  mule newt ocelot orca oryx osprey otter owl ox panda parrot perch pig pika pony puffin puma quail rabbit ram raven ray
  robin rook salmon seal shark sheep shrew shrimp skink skunk sloth slug snail snake sole spider squid stag stoat stork
  swan tapir tern thrush tick tiger toad trout tuna turtle viper vole wasp weasel whale wolf wombat worm wren yak zebra`);

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
