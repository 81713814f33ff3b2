/** Every address of the console. Pages link to each other by these, so that nouns stay strangers. */
type Filter = Record<string, string | undefined>;

function withFilter(path: string, filter: Filter = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(filter))
    if (value !== undefined && value !== '') search.set(key, value);
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

const noun = (path: string) => ({
  list: (filter?: Filter) => withFilter(path, filter),
  create: (filter?: Filter) => withFilter(`${path}/new`, filter),
  one: (id: string, filter?: Filter) => withFilter(`${path}/${id}`, filter),
  edit: (id: string, filter?: Filter) => withFilter(`${path}/${id}/edit`, filter),
});

export const paths = {
  overview: '/',
  signIn: (to?: string) => withFilter('/sign-in', { to }),
  setUp: '/set-up',
  profile: '/profile',
  settings: '/settings',
  transfers: noun('/transfers'),
  routes: noun('/routes'),
  schedules: noun('/schedules'),
  partners: noun('/partners'),
  endpoints: noun('/endpoints'),
  credentials: noun('/credentials'),
  certificates: noun('/certificates'),
  exceptions: noun('/exceptions'),
  audit: noun('/audit'),
  users: noun('/users'),
  apiKeys: noun('/api-keys'),
  network: noun('/network'),
};
