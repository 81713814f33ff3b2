import {
  IconAlertTriangle,
  IconArrowsLeftRight,
  IconCalendarClock,
  IconCertificate,
  IconClipboardList,
  IconHome,
  IconKey,
  IconLockPassword,
  IconPlugConnected,
  IconRoute,
  IconSettings,
  IconShieldCheck,
  IconUsers,
  IconBuilding,
} from '@tabler/icons-react';
import type { Permission } from '@waybill/contracts/permissions.js';
import { paths } from './paths.js';

export interface Place {
  label: string;
  href: string;
  icon: typeof IconHome;
  permission: Permission | null;
  /** After `g`. */
  key?: string;
}
export interface PlaceGroup {
  label: string | null;
  places: Place[];
}

/** Every place, in the order of the menu. */
const PLACES: PlaceGroup[] = [
  {
    label: null,
    places: [{ label: 'Overview', href: paths.overview, icon: IconHome, permission: null, key: 'o' }],
  },
  {
    label: 'Movement',
    places: [
      {
        label: 'Transfers',
        href: paths.transfers.list(),
        icon: IconArrowsLeftRight,
        permission: 'transfer:read',
        key: 't',
      },
      { label: 'Routes', href: paths.routes.list(), icon: IconRoute, permission: 'route:read', key: 'r' },
      {
        label: 'Schedules',
        href: paths.schedules.list(),
        icon: IconCalendarClock,
        permission: 'schedule:read',
        key: 's',
      },
    ],
  },
  {
    label: 'Connections',
    places: [
      {
        label: 'Partners',
        href: paths.partners.list(),
        icon: IconBuilding,
        permission: 'partner:read',
        key: 'p',
      },
      {
        label: 'Endpoints',
        href: paths.endpoints.list(),
        icon: IconPlugConnected,
        permission: 'endpoint:read',
        key: 'e',
      },
      {
        label: 'Credentials',
        href: paths.credentials.list(),
        icon: IconLockPassword,
        permission: 'credential:read',
        key: 'c',
      },
      {
        label: 'Certificates',
        href: paths.certificates.list(),
        icon: IconCertificate,
        permission: 'certificate:read',
        key: 'x',
      },
      {
        label: 'Exceptions',
        href: paths.exceptions.list(),
        icon: IconAlertTriangle,
        permission: 'exception:read',
        key: 'w',
      },
    ],
  },
  {
    label: 'Control',
    places: [
      {
        label: 'Audit log',
        href: paths.audit.list(),
        icon: IconClipboardList,
        permission: 'audit:read',
        key: 'a',
      },
      { label: 'Users', href: paths.users.list(), icon: IconUsers, permission: 'user:read', key: 'u' },
      { label: 'API keys', href: paths.apiKeys.list(), icon: IconKey, permission: 'api-key:read', key: 'k' },
      {
        label: 'Network',
        href: paths.network.list(),
        icon: IconShieldCheck,
        permission: 'network:read',
        key: 'n',
      },
      { label: 'Settings', href: paths.settings, icon: IconSettings, permission: 'setting:read', key: ',' },
    ],
  },
];

/** The places that somebody may enter, in their groups. */
export const openPlaces = (can: (permission: Permission) => boolean): PlaceGroup[] =>
  PLACES.map(({ label, places }) => ({
    label,
    places: places.filter(({ permission }) => permission === null || can(permission)),
  })).filter(({ places }) => places.length > 0);
