/** The settings of a server as its row keeps them: only what was stated, so that a default can become a better one. */
import {
  DEFAULT_FTPS_SETTINGS,
  type FtpsSettings,
  type FtpsSettingsInput,
  ftpsSettingsInput,
} from '@waybill/contracts/ftps-settings.js';

export const SETTING_NAMES = Object.keys(DEFAULT_FTPS_SETTINGS) as (keyof FtpsSettings)[];

/** What a local folder has of them, for the audit log. */
export const NO_SETTINGS = Object.fromEntries(SETTING_NAMES.map((name) => [name, null])) as Record<
  keyof FtpsSettings,
  null
>;

/** As they apply. */
export function settingsOf(row: { settings: unknown }): FtpsSettings {
  return { ...DEFAULT_FTPS_SETTINGS, ...readSettings(row.settings) };
}

/** What the row keeps after a change. */
export function changeSettings(stored: unknown, change: FtpsSettingsInput | undefined): FtpsSettingsInput {
  return { ...readSettings(stored), ...change };
}

function readSettings(stored: unknown): FtpsSettingsInput {
  return ftpsSettingsInput.parse(stored);
}
