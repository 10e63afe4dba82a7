/** Judges a content token before anything is stored: for the command line and the pages, which refuse what Graph accepts (Apple 1.5). */
import type { AppleFinding } from '../../model/apple-finding.ts'
import type { LocationConfig } from '../../model/apple-rows.ts'
import { type Instant, instantOf } from '../../model/date-time-offset.ts'
import type { TokenId } from '../../model/ids.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { tokenName } from '../../model/token-name.ts'
import type { Actor } from './actor.ts'
import { askLocation, type LocationAnswer } from './ask-location.ts'
import { contentFingerprint, readSentContent } from './new-record.ts'
import { getToken } from './read-tokens.ts'
import { wrongLocation } from './renewal.ts'
import type { UpdateDeps } from './update-token.ts'

export interface TokenCheck {
  /** False: storing it would be a mistake. True with a class: it can be stored, and the message is worth reading. */
  readonly isAcceptable: boolean
  /** F01 to F18; null when there is nothing to say. */
  readonly class: string | null
  readonly message: string | null
  readonly organizationName: string | null
  readonly expiration: Instant | null
  readonly fingerprint: string | null
  /** Null when Apple was not asked or did not answer. */
  readonly location: { readonly id: string; readonly name: string | null } | null
}

interface Known {
  readonly expiration: Instant
  /** The record that the content token is to renew. */
  readonly renewed: StoredToken | undefined
  /** The id under which this tenant registers at the location; null = it never did. */
  readonly ownMdmId: string | null
}

/** Failure `notFound` when `renews` names no token of the tenant. Looks only inside the tenant. */
export async function checkToken(
  deps: UpdateDeps,
  actor: Actor,
  given: { readonly token: string; readonly renews?: TokenId },
): Promise<TokenCheck> {
  const renewed =
    given.renews === undefined ? undefined : await getToken(deps.storage, actor, given.renews)
  const { parsed, credential } = readSentContent(given.token)
  if (!parsed.ok) return refused(parsed.problem.class, parsed.problem.message, noFacts)
  const { organizationName, expiration } = parsed.value
  const fingerprint = contentFingerprint(credential)
  const facts = { organizationName, expiration, fingerprint, location: null }
  const now = instantOf(deps.clock.now())
  if (expiration <= now)
    return refused(
      'F07',
      `This content token expired on ${day(expiration)} UTC. Download a new one.`,
      facts,
    )
  const { tokens, ownership } = deps.storage.forTenant(actor.tenantId).reads
  const same = await tokens.findByContent(deps.secretBox.hash(credential))
  if (same)
    return refused(
      'F12',
      `This exact content token is already stored as "${tokenName(same.record)}".`,
      facts,
    )
  if (deps.apple === null) return { isAcceptable: true, class: null, message: null, ...facts }
  const key = renewed?.record.locationId ?? fingerprint
  const answer = await askLocation({ apple: deps.apple, clock: deps.clock }, credential, key)
  if (answer.kind !== 'location')
    return { ...facts, ...withoutLocation(answer, { expiration, renewed, ownMdmId: null }) }
  const { config } = answer
  const ownMdmId = (await ownership.find(config.uId))?.mdmId ?? null
  const known = { expiration, renewed, ownMdmId }
  const location = { id: config.uId, name: config.locationName }
  const twins = await tokens.listByLocation(config.uId)
  return { ...facts, location, ...atLocation(config, twins, known) }
}

type Verdict = Pick<TokenCheck, 'isAcceptable' | 'class' | 'message'>

const noFacts = { organizationName: null, expiration: null, fingerprint: null, location: null }

function refused(
  failureClass: string,
  message: string,
  facts: Omit<TokenCheck, keyof Verdict>,
): TokenCheck {
  return { isAcceptable: false, class: failureClass, message, ...facts }
}

const no = (failureClass: string, message: string): Verdict => ({
  isAcceptable: false,
  class: failureClass,
  message,
})
const yes = (failureClass: string, message: string): Verdict => ({
  isAcceptable: true,
  class: failureClass,
  message,
})

function withoutLocation(
  answer: Exclude<LocationAnswer, { kind: 'location' }>,
  { expiration }: Known,
): Verdict {
  const { finding } = answer
  switch (finding.reason) {
    case 'rejectedByApple':
    case 'loginRequired':
      return no(
        'F08',
        `Apple does not recognise this content token${number(finding)}. Download it again and upload the file unchanged.`,
      )
    case 'revokedByApple':
      return no(
        'F09',
        `Apple has revoked this content token${number(finding)}. A newer download, or a change to the account that downloaded it, can cause this. Download a new one.`,
      )
    case 'expired':
      return no(
        'F10',
        `Apple treats this content token as expired${number(finding)} although the file says ${day(expiration)} UTC. Download a new one.`,
      )
    case 'legacyToken':
      return no(
        'F11',
        `This is an old user-based token${number(finding)}. Download a content token for a location instead.`,
      )
    case 'clientDefect':
      return no(
        'F17',
        `Apple did not accept how the credential was sent${number(finding)}. This is a fault in Pomona; report it.`,
      )
    default:
      return answer.kind === 'refused'
        ? no(
            'F08',
            `Apple refuses this content token (${finding.reason}${number(finding)}). Download it again and upload the file unchanged.`,
          )
        : yes(
            'F18',
            `Apple's service could not be reached (${finding.detail ?? finding.reason}). The token can be stored and will be checked again.`,
          )
  }
}

function atLocation(
  config: LocationConfig,
  twins: readonly StoredToken[],
  { expiration, renewed, ownMdmId }: Known,
): Verdict {
  const place = config.locationName ?? 'without a name'
  if (renewed) {
    if (renewed.record.locationId !== null && renewed.record.locationId !== config.uId)
      return no(
        'F14',
        wrongLocation(renewed, { uId: config.uId, name: config.locationName }).message,
      )
    const stored = renewed.record.expirationDateTime.instant
    if (expiration < stored)
      return yes(
        'F15',
        `This content token expires on ${day(expiration)} UTC, before the stored one (${day(stored)} UTC). Renew anyway?`,
      )
  }
  const twin = twins.find(({ record }) => record.id !== renewed?.record.id)
  if (twin)
    return no(
      'F13',
      `Location "${place}" is already stored as "${tokenName(twin.record)}". To replace its token choose Renew on "${tokenName(twin.record)}".`,
    )
  if (config.mdm && config.mdm.id !== ownMdmId)
    return yes(
      'F16',
      `Location "${place}" is managed by "${config.mdm.name ?? 'another server'}" (id ${config.mdm.id}). Pomona stores the token and only reads until you claim the location.`,
    )
  return { isAcceptable: true, class: null, message: null }
}

function number({ errorNumber }: AppleFinding): string {
  return errorNumber === undefined ? '' : ` (${errorNumber})`
}

function day(instant: Instant): string {
  return instant.slice(0, 10)
}
