/** Tells Apple where to send notifications, with a fresh secret for each call (Apple 6). Without them Pomona polls all the same. */
import { createHash, randomBytes } from 'node:crypto'
import { type AppleFinding, AppleTrouble } from '../../model/apple-finding.ts'
import { instantOf, instantPlus } from '../../model/date-time-offset.ts'
import { type NotificationChannel, newChannel } from '../../model/notification-channel.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import { configureLocation, refusalIn } from './configure-location.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'

export const wantedTypes = [
  'ASSET_COUNT',
  'ASSET_MANAGEMENT',
  'USER_ASSOCIATED',
  'USER_MANAGEMENT',
] as const

/** How long until an address that Apple could not reach is offered again. */
export const retryUnreachableMs = 24 * 3_600_000

/** Nothing to do when the address is registered, or was found out of reach lately. Fails no run: what goes wrong is kept. */
export async function registerNotifications(
  deps: SyncDeps,
  begun: BegunRun,
  conversation: AppleConversation,
): Promise<void> {
  if (deps.notificationUrl === null) return
  const known = await begun.tenant.reads.channels.find(begun.taken.tokenId)
  const channel = known ?? newChannel(randomBytes(24).toString('base64url'), begun.taken.tokenId)
  const url = deps.notificationUrl(channel.id)
  if (channel.url === url && channel.secretHash !== null) return
  if (channel.retryAt !== null && channel.retryAt > instantOf(deps.clock.now())) return
  try {
    await configure(deps, begun, conversation, { channel, url, types: wantedTypes })
  } catch (error) {
    // The lists are read already: trouble with this alone is no trouble of the run.
    if (!(error instanceof AppleTrouble)) throw error
    await refused(deps, begun, channel, error.finding)
  }
}

/** Of no type any more, at an address that answers (Apple 7, "Release"). Nothing to do where none was registered. */
export async function endNotifications(
  deps: SyncDeps,
  begun: BegunRun,
  conversation: AppleConversation,
): Promise<void> {
  const channel = await begun.tenant.reads.channels.find(begun.taken.tokenId)
  if (channel?.url == null) return
  try {
    await configure(deps, begun, conversation, { channel, url: channel.url, types: [] })
  } catch (error) {
    await refused(deps, begun, channel, refusalIn(error))
  }
  await store(begun, (stored) => ({ ...stored, url: null }), channel)
}

interface Wanted {
  readonly channel: NotificationChannel
  readonly url: string
  readonly types: readonly string[]
}

/** Apple's test comes while the call is open: the new secret counts before it is sent, the old one until the call is settled. */
async function configure(
  { clock }: SyncDeps,
  begun: BegunRun,
  conversation: AppleConversation,
  { channel, url, types }: Wanted,
): Promise<void> {
  const token = randomBytes(32).toString('base64url')
  const pendingHash = secretHash(token)
  await store(begun, (stored) => ({ ...stored, pendingHash }), channel)
  await configureLocation(conversation, { notifications: { url, token, types } })
  const registeredAt = instantOf(clock.now())
  const settled = { url, registeredAt, secretHash: pendingHash, pendingHash: null }
  await store(begun, (stored) => ({ ...stored, ...settled, finding: null, retryAt: null }), channel)
}

/** 9728 changes nothing at Apple: the old secret stands. Where nobody knows what became of the call, both go on to count. */
async function refused(
  { clock }: SyncDeps,
  begun: BegunRun,
  channel: NotificationChannel,
  finding: AppleFinding,
): Promise<void> {
  const isSettled = finding.reason === 'notificationsOff'
  const retryAt = isSettled ? instantPlus(instantOf(clock.now()), retryUnreachableMs) : null
  await store(
    begun,
    (stored) => ({
      ...stored,
      ...(isSettled ? { pendingHash: null } : {}),
      ...{ finding, retryAt },
    }),
    channel,
  )
}

/** Whatever came in meanwhile stays. */
async function store(
  { taken, tenant }: BegunRun,
  change: (stored: NotificationChannel) => NotificationChannel,
  otherwise: NotificationChannel,
): Promise<void> {
  await tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(taken.tokenId, taken.fence)
    await stores.channels.put(change((await stores.channels.find(taken.tokenId)) ?? otherwise))
  })
}

/** As the receiver compares it (Apple 6): the secret itself is kept nowhere. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
