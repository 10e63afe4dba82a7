/** Where a new profile says the service is: as told, else as the service's own settings have it. */
import { join } from 'node:path'
import { readSettings } from '../config/read-settings.ts'
import type { SettingSources } from '../config/setting-sources.ts'
import { Failure } from '../model/failure.ts'
import type { Profile } from './profile.ts'

const placeSettings = [
  ...(['origin', 'ca-file'] as const),
  ...(['data-dir', 'listen', 'public-origin', 'no-tls', 'tls-cert'] as const),
] as const

/** Failure `misconfigured` when the port is only known once the service runs. */
export function profilePlace(sources: SettingSources): Pick<Profile, 'origin' | 'ca-file'> {
  const settings = readSettings(placeSettings, sources)
  const { listen, 'no-tls': isPlain } = settings
  const [publicOrigin] = settings['public-origin']
  const origin = settings.origin ?? publicOrigin
  if (origin === undefined && listen.port === 0)
    throw new Failure(
      'misconfigured',
      'A profile holds the address of the service, and with port 0 that is known only once it runs. Give it by --origin.',
      { property: 'origin' },
    )
  const isLocalCa = !isPlain && settings['tls-cert'] === undefined
  const caFile =
    settings['ca-file'] ?? (isLocalCa ? join(settings['data-dir'], 'ca.pem') : undefined)
  return {
    origin: origin ?? `${isPlain ? 'http' : 'https'}://localhost:${listen.port}`,
    ...(caFile === undefined ? {} : { 'ca-file': caFile }),
  }
}
