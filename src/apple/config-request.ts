/** Changes of `client/config` as Apple wants them asked for, and whether it holds them (Apple 2.3). The bodies are secret. */
import type { ConfigChange } from '../model/apple-write.ts'
import type { StateReason } from '../model/vpp-token-types.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import type { Limits } from './limits.ts'

/** A member that is left out stays at Apple as it is. */
export function configBody({ mdm, notifications }: ConfigChange): JsonObject {
  return {
    ...(mdm && { mdmInfo: { id: mdm.id, name: mdm.name, metadata: mdm.metadata } }),
    ...(notifications && {
      notificationUrl: notifications.url,
      notificationAuthToken: notifications.token,
      notificationTypes: notifications.types,
    }),
  }
}

export interface ConfigFault {
  readonly reason: StateReason
  readonly detail: string
}

/** What Apple would refuse by its limits (Apple 3.1), in words that hold no value; undefined when nothing is known against it. */
export function faultInConfig(
  { mdm, notifications }: ConfigChange,
  limits: Limits,
): ConfigFault | undefined {
  const texts = [
    ['mdmInfo.id', mdm?.id, limits.maxMdmIdLength, 'clientDefect'],
    ['mdmInfo.name', mdm?.name, limits.maxMdmNameLength, 'clientDefect'],
    ['mdmInfo.metadata', mdm?.metadata, limits.maxMdmMetadataLength, 'clientDefect'],
    ['notificationUrl', notifications?.url, limits.maxNotificationLength, 'notificationsOff'],
    ['notificationAuthToken', notifications?.token, limits.maxNotificationLength, 'clientDefect'],
  ] as const
  for (const [name, { length } = '', most, reason] of texts)
    if (length > most)
      return { reason, detail: `${name} of ${length} characters, where Apple allows ${most}` }
  return undefined
}

/** Whether an answer of `client/config` shows everything that the change asks for. */
export function showsConfig(body: JsonObject, { mdm, notifications }: ConfigChange): boolean {
  const shown = isJsonObject(body.mdmInfo) ? body.mdmInfo : {}
  const isMdm =
    mdm === undefined ||
    (shown.id === mdm.id && shown.name === mdm.name && shown.metadata === mdm.metadata)
  const areNotifications =
    notifications === undefined ||
    (body.notificationUrl === notifications.url &&
      body.notificationAuthToken === notifications.token &&
      areSameTypes(body.subscribedNotificationTypes, notifications.types))
  return isMdm && areNotifications
}

/** Asked for with the others, it is never shown among them (Apple 2.3). */
const unshownType = 'TEST_NOTIFICATION'

function areSameTypes(shown: unknown, wanted: readonly string[]): boolean {
  const expected = new Set(wanted.filter((type) => type !== unshownType))
  const seen = new Set(Array.isArray(shown) ? shown.filter((type) => type !== unshownType) : [])
  return seen.size === expected.size && [...expected].every((type) => seen.has(type))
}
