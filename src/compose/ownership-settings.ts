/** By which name this service manages locations, and where Apple may tell it of changes (Apple 6, 7). */
import { Failure } from '../model/failure.ts'
import { notifyPath } from '../notify/notify-path.ts'
import type { ServiceSettings } from './service-settings.ts'

/** Null = Apple is not asked to tell. Apple delivers over HTTPS to public origins only; the first such one is named. */
export function notificationUrl(settings: ServiceSettings): ((channelId: string) => string) | null {
  if (!settings['apple-notifications']) return null
  const origin = httpsOrigin(settings)
  return origin === undefined ? null : (channelId) => `${origin}${notifyPath(channelId)}`
}

/** Failure `misconfigured` when notifications are wanted and there is no address for them. */
export function requireNotificationOrigin(settings: ServiceSettings): void {
  if (!settings['apple-notifications'] || httpsOrigin(settings) !== undefined) return
  throw new Failure(
    'misconfigured',
    '--apple-notifications needs an address at which Apple can reach this service over HTTPS, and no --public-origin is one. Name it, such as --public-origin https://pomona.example.com, or leave --apple-notifications out: Pomona then looks by itself.',
    { property: 'apple-notifications' },
  )
}

function httpsOrigin({ 'public-origin': origins = [] }: ServiceSettings): string | undefined {
  return origins.map((origin) => new URL(origin)).find(({ protocol }) => protocol === 'https:')
    ?.origin
}
