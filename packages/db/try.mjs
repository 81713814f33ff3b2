import { startEmbeddedPostgres } from '../embedded-postgres/dist/embedded-postgres.js';
import { migrateDatabase } from './dist/migrate.js';
import { createLoginRoles } from './dist/roles.js';
import { openDatabase } from './dist/client.js';
console.time('start');
const s = await startEmbeddedPostgres({ dataDir:'/tmp/pgt/pg', port: 5599, superuserPassword:'a b:c/é', logFile:'/tmp/pgt/pg.log'});
console.timeEnd('start');
try {
const su = s.superuserUrl('postgres');
await createLoginRoles(su,[{name:'o',password:'o'},{name:'app',password:'x'},{name:'worker',password:'x'},{name:'sealer',password:'x'}]);
import('pg').then(()=>0);
const pg=(await import('pg')).default; const c=new pg.Client({connectionString:su}); await c.connect();
await c.query('drop database if exists wb'); await c.query('create database wb owner o'); await c.end();
const ownerUrl='postgres://o:o@127.0.0.1:5599/wb';
console.time('migrate'); console.log(await migrateDatabase({ownerUrl, roles:{app:'app',worker:'worker',sealer:'sealer'}})); console.timeEnd('migrate');
console.time('again'); console.log(await migrateDatabase({ownerUrl, roles:{app:'app',worker:'worker',sealer:'sealer'}})); console.timeEnd('again');
const db=openDatabase('postgres://app:x@127.0.0.1:5599/wb'); console.log(await db.partner.count(), await db.$queryRaw`show transaction_timeout`); await db.$disconnect();
} finally { console.time('stop'); await s.stop(); console.timeEnd('stop'); }
