/**
 * Run as a process of its own, on the build, with a folder that holds the folders `a` and `b`: opens a third one that
 * is not there while the first is still being closed, and prints why that failed. What nobody waits for ends it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { keepFolders } from '../../dist/kept-folders.js';

const folders = keepFolders(process.argv[2]);
const { handle, close } = await folders.open(['a']);
await close();
await (await folders.open(['b'])).close();
const closeHandle = handle.close.bind(handle);
handle.close = () => sleep(100).then(closeHandle);
await folders.open(['missing']).catch(({ code }) => process.stdout.write(code));
await folders.close();
