import { paramsOf } from '../server/path-pattern.ts'
import type { Answer } from './answer.ts'
import { postAssociate, postDisassociate, postRevoke } from './asset-writes.ts'
import { assetsQuery, getAssets } from './assets.ts'
import { assignmentsQuery, getAssignments } from './assignments.ts'
import { getClientConfig, postClientConfig } from './client-config.ts'
import { getIcon, iconPath } from './icon.ts'
import { getLookup, lookupPath } from './lookup.ts'
import type { LocationCall, OpenCall } from './request.ts'
import { getServiceConfig } from './service-config.ts'
import { getStatus, statusQuery } from './status.ts'
import { manageSubscriptions, noSubscriptions, refuseSubscriptionWrite } from './subscriptions.ts'
import { postCreateUsers, postRetireUsers, postUpdateUsers } from './user-writes.ts'
import { getUsers, usersQuery } from './users.ts'

export type OpenHandler = (call: OpenCall) => Answer
export type LocationHandler = (call: LocationCall) => Answer | Promise<Answer>

export type Endpoint =
  | {
      login: false
      path: string
      /** Undefined: not Apple's API, whatever is asked. */
      query?: readonly string[]
      verbs: Partial<Record<string, OpenHandler>>
    }
  | {
      login: true
      path: string
      /** The documented ones. */
      query: readonly string[]
      /** What a read-only manager's token may still call (Apple contract 1.3). */
      readOnly: boolean
      /** A POST without a body, and so without a Content-Type. */
      takesNoBody?: true
      verbs: Partial<Record<string, LocationHandler>>
    }

const base = '/mdm/v2'
const cursor = { cursor: 'text' }

/** Apple contract 2.1 and 2.9; the lookup twin of section 8 stands at the end, with icons for it. */
export const endpoints: readonly Endpoint[] = [
  { login: false, path: `${base}/service/config`, query: [], verbs: { GET: getServiceConfig } },
  location('/client/config', { GET: getClientConfig, POST: postClientConfig }),
  { ...location('/assets', { GET: getAssets }, assetsQuery), readOnly: true },
  { ...location('/assignments', { GET: getAssignments }, assignmentsQuery), readOnly: true },
  { ...location('/users', { GET: getUsers }, usersQuery), readOnly: true },
  location('/assets/associate', { POST: postAssociate }),
  location('/assets/disassociate', { POST: postDisassociate }),
  location('/assets/revoke', { POST: postRevoke }),
  location('/users/create', { POST: postCreateUsers }),
  location('/users/update', { POST: postUpdateUsers }),
  location('/users/retire', { POST: postRetireUsers }),
  location('/status', { GET: getStatus }, statusQuery),
  location('/subscriptions', { GET: noSubscriptions('subscriptions') }, cursor),
  location('/subscriptions/assignments', { GET: noSubscriptions('assignments') }, cursor),
  location('/subscriptions/admins', { GET: noSubscriptions('admins') }, cursor),
  location('/subscriptions/associate', { POST: refuseSubscriptionWrite }),
  location('/subscriptions/disassociate', { POST: refuseSubscriptionWrite }),
  location('/subscriptions/admins/add', { POST: refuseSubscriptionWrite }),
  location('/subscriptions/admins/remove', { POST: refuseSubscriptionWrite }),
  { ...location('/subscriptions/enable', { POST: manageSubscriptions(true) }), takesNoBody: true },
  {
    ...location('/subscriptions/disable', { POST: manageSubscriptions(false) }),
    takesNoBody: true,
  },
  { login: false, path: lookupPath, verbs: { GET: getLookup } },
  { login: false, path: iconPath, verbs: { GET: getIcon } },
]

export interface FoundEndpoint {
  endpoint: Endpoint
  params: Record<string, string>
}

export function findEndpoint(path: string): FoundEndpoint | undefined {
  for (const endpoint of endpoints) {
    const params = paramsOf(endpoint.path, path)
    if (params) return { endpoint, params }
  }
  return undefined
}

function location(
  path: string,
  verbs: Partial<Record<string, LocationHandler>>,
  query: object = {},
): Extract<Endpoint, { login: true }> {
  return { login: true, path: base + path, query: Object.keys(query), readOnly: false, verbs }
}
