import type { Answer } from './answer.ts'
import { getAssets } from './assets.ts'
import { getAssignments } from './assignments.ts'
import { getClientConfig, postClientConfig } from './client-config.ts'
import { notBuiltYet } from './not-built-yet.ts'
import type { LocationCall, OpenCall } from './request.ts'
import { getServiceConfig } from './service-config.ts'
import { getUsers } from './users.ts'

export type OpenHandler = (call: OpenCall) => Answer
export type LocationHandler = (call: LocationCall) => Answer | Promise<Answer>

export type Endpoint =
  | { login: false; path: string; verbs: Partial<Record<string, OpenHandler>> }
  | {
      login: true
      path: string
      /** What a read-only manager's token may still call (Apple contract 1.3). */
      readOnly: boolean
      verbs: Partial<Record<string, LocationHandler>>
    }

const base = '/mdm/v2'

/** Apple contract 2.1 and 2.9; the lookup twin of section 8 stands at the end. */
export const endpoints: readonly Endpoint[] = [
  { login: false, path: `${base}/service/config`, verbs: { GET: getServiceConfig } },
  location('/client/config', { GET: getClientConfig, POST: postClientConfig }),
  { ...location('/assets', { GET: getAssets }), readOnly: true },
  { ...location('/assignments', { GET: getAssignments }), readOnly: true },
  { ...location('/users', { GET: getUsers }), readOnly: true },
  location('/assets/associate', { POST: notBuiltYet }),
  location('/assets/disassociate', { POST: notBuiltYet }),
  location('/assets/revoke', { POST: notBuiltYet }),
  location('/users/create', { POST: notBuiltYet }),
  location('/users/update', { POST: notBuiltYet }),
  location('/users/retire', { POST: notBuiltYet }),
  location('/status', { GET: notBuiltYet }),
  location('/subscriptions', { GET: notBuiltYet }),
  location('/subscriptions/assignments', { GET: notBuiltYet }),
  location('/subscriptions/admins', { GET: notBuiltYet }),
  location('/subscriptions/associate', { POST: notBuiltYet }),
  location('/subscriptions/disassociate', { POST: notBuiltYet }),
  location('/subscriptions/admins/add', { POST: notBuiltYet }),
  location('/subscriptions/admins/remove', { POST: notBuiltYet }),
  location('/subscriptions/enable', { POST: notBuiltYet }),
  location('/subscriptions/disable', { POST: notBuiltYet }),
  {
    login: false,
    path: '/WebObjects/MZStorePlatform.woa/wa/lookup',
    verbs: { GET: notBuiltYet },
  },
]

export function findEndpoint(path: string): Endpoint | undefined {
  return endpoints.find((endpoint) => endpoint.path === path)
}

function location(
  path: string,
  verbs: Partial<Record<string, LocationHandler>>,
): Extract<Endpoint, { login: true }> {
  return { login: true, path: base + path, readOnly: false, verbs }
}
