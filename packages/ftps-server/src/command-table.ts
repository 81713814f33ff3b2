/** Every command that the server knows, by verb. */
import type { Command } from './commands/command.js';
import { fileCommands } from './commands/file-commands.js';
import { folderCommands } from './commands/folder-commands.js';
import { hashCommands } from './commands/hash-commands.js';
import { listingCommands } from './commands/listing-commands.js';
import { loginCommands } from './commands/login-commands.js';
import { parameterCommands } from './commands/parameter-commands.js';
import { passiveCommands } from './commands/passive-commands.js';
import { protectionCommands } from './commands/protection-commands.js';
import { transferCommands } from './commands/transfer-commands.js';

/** A Map, because a verb is a stranger's word and must not find what every object has. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...protectionCommands,
    ...loginCommands,
    ...parameterCommands,
    ...folderCommands,
    ...passiveCommands,
    ...listingCommands,
    ...fileCommands,
    ...hashCommands,
    ...transferCommands,
  }),
);
