import type { MdmInfo, NotificationTarget } from '../library/library.ts'
import { notificationTypes } from '../notifications/notification.ts'
import type { WorldState } from '../world/world-state.ts'
import { Refusal } from './answer.ts'
import { listOf, objectOf, textOf } from './typed-body.ts'

export interface ConfigRequest {
  mdmInfo: MdmInfo | undefined
  notification: NotificationTarget | 'clear' | undefined
  notificationTypes: string[] | undefined
}

type Rules = Pick<WorldState, 'settings' | 'switches'>

/** Body of POST client/config (Apple contract 2.3): types 9602, parts 9723 and 9710, limits, then the URL 9712. */
export function decodeConfigRequest(body: unknown, rules: Rules): ConfigRequest {
  const { mdmInfo, notificationUrl, notificationAuthToken, notificationTypes } = typedMembers(body)
  const info = completeMdmInfo(mdmInfo)
  if ((notificationUrl === undefined) !== (notificationAuthToken === undefined)) {
    throw new Refusal(9710)
  }
  // A URL that nobody is told a secret for is half of a pair, too.
  if (notificationUrl && !notificationAuthToken) throw new Refusal(9710)
  if (info !== undefined) checkMdmInfoLimits(info, rules)
  return {
    mdmInfo: info,
    notification:
      notificationUrl === undefined || notificationAuthToken === undefined
        ? undefined
        : checkedTarget({ url: notificationUrl, authToken: notificationAuthToken }, rules),
    // TEST_NOTIFICATION may be asked for but is not among the values of the answer.
    notificationTypes: notificationTypes?.filter(
      (type, index) => type !== 'TEST_NOTIFICATION' && notificationTypes.indexOf(type) === index,
    ),
  }
}

interface TypedMembers {
  mdmInfo: Record<keyof MdmInfo, string | undefined> | undefined
  notificationUrl: string | undefined
  notificationAuthToken: string | undefined
  notificationTypes: string[] | undefined
}

function typedMembers(body: unknown): TypedMembers {
  const members = objectOf(body)
  const info = members.mdmInfo === undefined ? undefined : objectOf(members.mdmInfo)
  return {
    mdmInfo: info && {
      id: textOf(info.id),
      name: textOf(info.name),
      metadata: textOf(info.metadata),
    },
    notificationUrl: textOf(members.notificationUrl),
    notificationAuthToken: textOf(members.notificationAuthToken),
    notificationTypes: listOf(members.notificationTypes, typeOf),
  }
}

function typeOf(value: unknown): string {
  const type = notificationTypes.find((known) => known === value)
  if (type === undefined) throw new Refusal(9602)
  return type
}

// An empty part counts as missing: no call is known that unsets mdmInfo (Apple contract 7).
function completeMdmInfo(info: TypedMembers['mdmInfo']): MdmInfo | undefined {
  if (info === undefined) return undefined
  const { id, name, metadata } = info
  if (!id || !name || !metadata) throw new Refusal(9723)
  return { id, name, metadata }
}

function checkMdmInfoLimits(info: MdmInfo, { settings: { limits } }: Rules): void {
  if (info.id.length > limits.maxMdmIdLength) throw new Refusal(9724)
  if (info.name.length > limits.maxMdmNameLength) throw new Refusal(9725)
  if (info.metadata.length > limits.maxMdmMetadataLength) throw new Refusal(9713)
}

function checkedTarget(
  target: NotificationTarget,
  { settings, switches }: Rules,
): NotificationTarget | 'clear' {
  const longest = settings.limits.maxNotificationLength
  if (target.url.length > longest || target.authToken.length > longest) throw new Refusal(9711)
  if (target.url === '' && switches.emptyNotificationUrl === 'clears') return 'clear'
  const url = URL.canParse(target.url) ? new URL(target.url) : undefined
  const isAllowedScheme =
    url?.protocol === 'https:' || (settings.allowHttpNotificationUrl && url?.protocol === 'http:')
  const isHostAndPath = url && !/[?#]/.test(target.url) && !url.username && !url.password
  if (!isAllowedScheme || !isHostAndPath) throw new Refusal(9712)
  return target
}
