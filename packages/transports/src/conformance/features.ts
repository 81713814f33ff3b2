/** Every feature of the suite, in the order and in the groups of the table. */
import { identity, waysToConnect } from './connection-features.js';
import { dataConnections } from './data-features.js';
import type { ConformanceServer, Feature } from './feature.js';
import { hashes, listing, refusals, transfers } from './file-features.js';
import { moves } from './move-features.js';
import { names, sessions } from './session-features.js';

const GROUPS = {
  'Ways to connect': waysToConnect,
  'TLS and identity': identity,
  'Data connections': dataConnections,
  'Listings and facts': listing,
  'Files in transfer': { ...transfers, ...moves },
  'Hashes by the server': hashes,
  Names: names,
  Sessions: sessions,
  Refusals: refusals,
} as const;

export type FeatureId =
  | keyof typeof waysToConnect
  | keyof typeof identity
  | keyof typeof dataConnections
  | keyof typeof listing
  | keyof typeof transfers
  | keyof typeof moves
  | keyof typeof hashes
  | keyof typeof names
  | keyof typeof sessions
  | keyof typeof refusals;

export type TestedServer = ConformanceServer<FeatureId>;

export const FEATURE_GROUPS: { title: string; features: { id: FeatureId; feature: Feature }[] }[] =
  Object.entries(GROUPS).map(([title, features]) => ({
    title,
    features: Object.entries<Feature>(features).map(([id, feature]) => ({ id: id as FeatureId, feature })),
  }));
