/** The body of a plan or an intent: strict, bounded, and each fault named (graph H12). */
import type { AssetKey, LicensePair, UserChange } from '../../model/apple-write.ts'
import { Failure } from '../../model/failure.ts'
import {
  type LicenseAction,
  type LicenseRequest,
  licenseAction,
  type PairsRequest,
  type ReclaimScope,
} from '../../model/license-request.ts'
import { nearestName } from '../../model/payload/nearest-name.ts'
import { isStorable } from '../../model/storable-text.ts'
import type { HttpRequest } from '../../ports/route.ts'
import { readEntityBody } from './request-body.ts'

/** Lists of devices are long. In bytes. */
const maxLicenseBodyBytes = 8 * 1_024 * 1_024

const most = {
  assets: 1_000,
  targets: 100_000,
  /** Assets times targets. */
  pairs: 1_000_000,
  users: 10_000,
  knownSerialNumbers: 500_000,
  textLength: 256,
} as const

type Members = Readonly<Record<string, unknown>>

export async function readLicenseRequest(request: HttpRequest): Promise<LicenseRequest> {
  const body = objectOf(await readEntityBody(request, maxLicenseBodyBytes), 'The body')
  const action = actionOf(body.action)
  switch (action) {
    case 'assign':
    case 'unassign':
      return pairsRequest(action, body)
    case 'reclaim':
      return { action, from: scopeOf(body) }
    default:
      knowOnly(body, ['action', 'users'])
      return { action, users: usersOf(body.users) }
  }
}

function actionOf(value: unknown): LicenseAction {
  const actions = Object.keys(licenseAction.members)
  if (typeof value === 'string' && actions.includes(value)) return value as LicenseAction
  throw wrong('action', `Give one of: ${actions.join(', ')}.`)
}

function pairsRequest(action: 'assign' | 'unassign', body: Members): PairsRequest {
  if (body.pairs !== undefined) {
    knowOnly(body, ['action', 'pairs'])
    return { action, pairs: listOf(body.pairs, 'pairs', most.targets).map(pairOf) }
  }
  knowOnly(body, ['action', 'assets', 'serialNumbers', 'clientUserIds'])
  const assets = listOf(body.assets, 'assets', most.assets).map(assetOf)
  const { targetKind, targets } = targetsOf(body)
  if (assets.length * targets.length > most.pairs)
    throw wrong('assets', `That is more than ${most.pairs} pairs. Ask for parts of it.`)
  return { action, assets: distinct(assets), targetKind, targets }
}

function targetsOf(body: Members) {
  const { serialNumbers, clientUserIds } = body
  if ((serialNumbers === undefined) === (clientUserIds === undefined))
    throw wrong('serialNumbers', 'Give either serialNumbers or clientUserIds.')
  const name = serialNumbers === undefined ? 'clientUserIds' : 'serialNumbers'
  const targets = listOf(body[name], name, most.targets).map((one) => textOf(one, name))
  const targetKind = name === 'serialNumbers' ? 'serialNumber' : 'clientUserId'
  return { targetKind, targets: [...new Set(targets)] } as const
}

const scopes = ['serialNumber', 'clientUserId', 'adamId', 'everything', 'knownSerialNumbers']

function scopeOf(body: Members): ReclaimScope {
  knowOnly(body, ['action', ...scopes])
  const given = scopes.filter((name) => body[name] !== undefined)
  const [name = ''] = given
  if (given.length !== 1) throw wrong('action', `A reclaim takes one of: ${scopes.join(', ')}.`)
  const value = body[name]
  switch (name) {
    case 'everything':
      if (value !== true) throw wrong(name, 'Give true, or another scope.')
      return { kind: 'everything' }
    case 'adamId':
      return { kind: 'app', adamId: textOf(value, name) }
    case 'knownSerialNumbers': {
      const known = listOf(value, name, most.knownSerialNumbers)
      // Everything that is not in the list is taken back: an empty one is a mistake.
      return { kind: 'orphans', knownSerialNumbers: known.map((one) => textOf(one, name)) }
    }
    default:
      return {
        kind: 'target',
        targetKind: name === 'serialNumber' ? 'serialNumber' : 'clientUserId',
        target: textOf(value, name),
      }
  }
}

function pairOf(value: unknown): LicensePair {
  const members = objectOf(value, "A member of 'pairs'")
  knowOnly(members, ['adamId', 'pricingParam', 'serialNumber', 'clientUserId'])
  const { serialNumber, clientUserId } = members
  if ((serialNumber === undefined) === (clientUserId === undefined))
    throw wrong('pairs', 'Give each pair either a serialNumber or a clientUserId.')
  const asset = keyOf(members)
  return serialNumber === undefined
    ? { ...asset, targetKind: 'clientUserId', target: textOf(clientUserId, 'clientUserId') }
    : { ...asset, targetKind: 'serialNumber', target: textOf(serialNumber, 'serialNumber') }
}

function assetOf(value: unknown): AssetKey {
  const members = objectOf(value, "A member of 'assets'")
  knowOnly(members, ['adamId', 'pricingParam'])
  return keyOf(members)
}

/** Left out, the quality is the standard one, as at Apple. */
function keyOf({ adamId, pricingParam = 'STDQ' }: Members): AssetKey {
  if (typeof adamId !== 'string' || !/^\d{1,20}$/.test(adamId))
    throw wrong('adamId', "An adamId is the number at Apple as text, such as '361309726'.")
  if (typeof pricingParam !== 'string' || !/^[A-Z]{1,16}$/.test(pricingParam))
    throw wrong('pricingParam', 'A pricingParam is STDQ or PLUS.')
  return { adamId, pricingParam }
}

function usersOf(value: unknown): readonly UserChange[] {
  const users = listOf(value, 'users', most.users).map((one): UserChange => {
    const members = objectOf(one, "A member of 'users'")
    knowOnly(members, ['clientUserId', 'email', 'managedAppleId'])
    const { clientUserId, email, managedAppleId } = members
    return {
      clientUserId: textOf(clientUserId, 'clientUserId'),
      ...(email === undefined ? {} : { email: textOf(email, 'email') }),
      ...(managedAppleId === undefined
        ? {}
        : { managedAppleId: textOf(managedAppleId, 'managedAppleId') }),
    }
  })
  const ids = new Set(users.map(({ clientUserId }) => clientUserId))
  if (ids.size < users.length) throw wrong('users', 'A clientUserId is there twice.')
  return users
}

function distinct(assets: readonly AssetKey[]): readonly AssetKey[] {
  return [...new Map(assets.map((one) => [`${one.adamId} ${one.pricingParam}`, one])).values()]
}

function objectOf(value: unknown, what: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members
  throw new Failure('invalidModel', `${what} must be a JSON object.`)
}

function listOf(value: unknown, name: string, limit: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw wrong(name, 'Give a list with at least one member.')
  if (value.length > limit) throw wrong(name, `Give at most ${limit} members at once.`)
  return value
}

function textOf(value: unknown, name: string): string {
  const text = typeof value === 'string' ? value.trim() : ''
  if (text !== '' && text.length <= most.textLength && isStorable(text)) return text
  throw wrong(name, `Give text of 1 to ${most.textLength} characters.`)
}

function knowOnly(members: Members, known: readonly string[]): void {
  for (const name of Object.keys(members)) {
    if (known.includes(name) || name.includes('@odata.')) continue
    const near = nearestName(name, known)
    const hint = near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean '${near}'?`
    throw wrong(name.slice(0, 128), `It is not known here. ${hint}`)
  }
}

function wrong(property: string, hint: string): Failure {
  return new Failure('invalidModel', `The value of '${property}' cannot be used. ${hint}`, {
    property,
  })
}
