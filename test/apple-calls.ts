/** Every question that Apple can be asked with a content token, and the request that it becomes. */
import type { AppleConversation } from '../src/ports/apple-vpp.ts'
import { collect } from './apple-conversation.ts'

const asset = { adamId: '9000000001', pricingParam: 'STDQ' }
const device = { targetKind: 'serialNumber', target: 'POMSER000001' } as const
const devices = { targetKind: 'serialNumber', targets: ['POMSER000001'] } as const
const users = [{ clientUserId: 'u-0001' }]

export type AppleCall = readonly [
  /** `GET assets`. */
  request: string,
  ask: (conversation: AppleConversation) => Promise<unknown>,
]

export const reads: readonly AppleCall[] = [
  ['GET client/config', (apple) => apple.readConfig()],
  ['GET client/config', (apple) => apple.isConfigured({})],
  ['GET assets', (apple) => collect(apple.walkAssets())],
  ['GET assignments', (apple) => collect(apple.walkAssignments())],
  ['GET assignments', (apple) => collect(apple.walkAssignments('a version'))],
  ['GET assignments', (apple) => collect(apple.walkAssignmentsOf(device))],
  ['GET assignments', (apple) => apple.hasAssignment({ ...asset, ...device })],
  ['GET users', (apple) => collect(apple.walkUsers('a version'))],
  ['GET status', (apple) => apple.readEvent('an event')],
]

export const writes: readonly AppleCall[] = [
  [
    'POST assets/associate',
    (apple) => apple.send({ kind: 'associate', assets: [asset], ...devices }),
  ],
  [
    'POST assets/disassociate',
    (apple) => apple.send({ kind: 'disassociate', assets: [asset], ...devices }),
  ],
  ['POST assets/revoke', (apple) => apple.send({ kind: 'revoke', ...devices })],
  ['POST users/create', (apple) => apple.send({ kind: 'createUsers', users })],
  ['POST users/update', (apple) => apple.send({ kind: 'updateUsers', users })],
  ['POST users/retire', (apple) => apple.send({ kind: 'retireUsers', users })],
  ['POST client/config', (apple) => apple.configure({})],
]
