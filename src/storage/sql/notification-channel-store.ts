import type { TenantId } from '../../model/ids.ts'
import type { NotificationChannel } from '../../model/notification-channel.ts'
import type {
  ChannelDoors,
  NotificationChannelReads,
  NotificationChannelStore,
} from '../../ports/notification-channel-store.ts'
import { first, type SqlConnection } from './connection.ts'
import { rowCodec } from './row-codec.ts'
import { placeholders } from './statement-text.ts'

const codec = rowCodec<Omit<NotificationChannel, 'tokenId'>>({
  id: 'text',
  url: 'text',
  registeredAt: 'text',
  secretHash: 'text',
  pendingHash: 'text',
  finding: 'json',
  retryAt: 'text',
  stale: 'json',
  lastReceivedAt: 'text',
  unknownTypes: 'json',
})
const columns = codec.columns

const sql = {
  find: `select ${columns.map((name) => `notification_channel.${name}`).join(', ')}
    from notification_channel join vpp_token on vpp_token.number = notification_channel.token_number
    where vpp_token.tenant_id = $1 and vpp_token.id = $2`,
  put: `insert into notification_channel (token_number, ${columns.join(', ')})
    select number, ${placeholders(columns, 3)} from vpp_token where tenant_id = $1 and id = $2
    on conflict (token_number) do update
    set ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  forget: 'delete from received_notification where channel_id = $1 and at < $2',
  takeDown: `insert into received_notification (channel_id, notification_id, at)
    select notification_channel.id, $2, $3
    from notification_channel join vpp_token on vpp_token.number = notification_channel.token_number
    where notification_channel.id = $1 and vpp_token.tenant_id = $4
    on conflict do nothing`,
  findDoor: `select vpp_token.tenant_id, vpp_token.id, vpp_token.location_id, secret_hash, pending_hash
    from notification_channel join vpp_token on vpp_token.number = notification_channel.token_number
    where notification_channel.id = $1`,
}

export function notificationChannelReads(
  connection: SqlConnection,
  tenantId: TenantId,
): NotificationChannelReads {
  return {
    find: async (tokenId) => {
      const row = await first(connection, sql.find, [tenantId, tokenId])
      return row && { ...codec.read(row), tokenId }
    },
  }
}

export function notificationChannelStore(
  connection: SqlConnection,
  tenantId: TenantId,
): NotificationChannelStore {
  return {
    ...notificationChannelReads(connection, tenantId),
    put: async (channel) => {
      await connection.run(sql.put, [tenantId, channel.tokenId, ...codec.write(channel)])
    },
    takeDown: async (channelId, notificationId, { at, forgetBefore }) => {
      await connection.run(sql.forget, [channelId, forgetBefore])
      const values = [channelId, notificationId, at, tenantId]
      return (await connection.run(sql.takeDown, values)) > 0
    },
  }
}

export function channelDoors(connection: SqlConnection): ChannelDoors {
  return {
    find: async (channelId) => {
      const row = await first(connection, sql.findDoor, [channelId])
      return (
        row && {
          tenantId: String(row.tenant_id),
          tokenId: String(row.id),
          locationId: row.location_id === null ? null : String(row.location_id),
          hashes: [row.secret_hash, row.pending_hash].filter((hash) => typeof hash === 'string'),
        }
      )
    },
  }
}
