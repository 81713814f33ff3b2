/**
 * Loaded before the entry of every process that the launcher starts: when the launcher is gone, however that
 * came, the channel to it breaks, and the process stops as if it had been told to.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The channel alone must not keep a process up that has nothing left to do.
process.channel?.unref();
