/**
 * A server that cannot run here, played by the practice partner from what is documented of it: its words, its order of
 * steps, its quirks. Whatever the documents do not say is the practice partner's own, so a played server shows how a
 * client copes with what is known, and nothing about the program itself.
 */
import { answering } from '../behaviours.js';
import { RootFolder } from '../root-folder.js';
import type { Answer, Script } from '../script.js';
import type { FtpsServerOptions } from '../server-options.js';

export interface PlayedServer {
  name: string;
  /** Where its words and quirks are from: a document with its address. */
  sources: string[];
  /** In which it can be asked to start; the first is its usual one. */
  modes: readonly FtpsServerOptions['mode'][];
  /** Whether data connections have to resume the TLS session: by its configuration, always, or never as far as is known. */
  sessionReuse: 'configurable' | 'required' | 'not required';
  /** @param root the folder of its files */
  script(root: string): Script;
}

/** A verb, or a verb and a code as in "RETR 226", to what is said instead. */
type Words = Record<string, Answer>;

export interface Part {
  /** Instead of running a command; the greeting is CONNECT. */
  commands?: Words;
  /** Instead of the practice partner's reply to a command that it has run. */
  replies?: Words;
  /** Verbs that the server does not know, and what it says then. */
  unknown?: { verbs: readonly string[]; answer: (verb: string) => string };
  list?: Script['transformListing'];
}

/** A script from tables. */
export function playPart({ commands = {}, replies = {}, unknown, list }: Part): Script {
  const unknownOnes = (unknown?.verbs ?? []).map((verb) => [verb, unknown?.answer(verb)]);
  return {
    onCommand: answering({ ...Object.fromEntries(unknownOnes), ...commands }),
    onReply: answering(replies),
    ...(list === undefined ? {} : { transformListing: list }),
  };
}

/** The lines of FEAT (RFC 2389 section 3.2). */
export function features(head: string, names: readonly string[], end: string): string[] {
  return [`211-${head}`, ...names.map((name) => ` ${name}`), `211 ${end}`];
}

/** The place on disk of a path as a client names it, quoted or not. */
export async function findFile(root: string, path: string): Promise<string> {
  const { diskPath } = await new RootFolder(root).locate('/', path.replace(/^"(.*)"$/, '$1'));
  return diskPath;
}
