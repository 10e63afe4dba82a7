/** The ways by which Apple tells of changes (model/notification-channel.ts), one per token; each goes with its token. */
import type { Instant } from '../model/date-time-offset.ts'
import type { TenantId, TokenId } from '../model/ids.ts'
import type { NotificationChannel } from '../model/notification-channel.ts'

export interface NotificationChannelReads {
  find(tokenId: TokenId): Promise<NotificationChannel | undefined>
}

export interface NotificationChannelStore extends NotificationChannelReads {
  /** Inserts or replaces that of the token. Nothing happens when the token is gone. */
  put(channel: NotificationChannel): Promise<void>
  /**
   * Takes down that a notification came; false, and nothing happens, when it had come before. Forgets those of the channel that
   * came before `forgetBefore`.
   */
  takeDown(
    channelId: string,
    notificationId: string,
    times: { readonly at: Instant; readonly forgetBefore: Instant },
  ): Promise<boolean>
}

/** What the door needs to know before it knows the tenant. */
export interface ChannelDoor {
  readonly tenantId: TenantId
  readonly tokenId: TokenId
  /** Apple's uId; null = not known yet. */
  readonly locationId: string | null
  /** SHA-256 of each bearer that counts, hex. */
  readonly hashes: readonly string[]
}

export interface ChannelDoors {
  /** By the id in the path. */
  find(channelId: string): Promise<ChannelDoor | undefined>
}
