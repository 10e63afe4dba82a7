import { expect, test } from 'vitest'
import { routes } from './routes.ts'

const calls = `
  GET /simulator/health
  GET /simulator/seeds
  POST /simulator/worlds
  DELETE W
  POST W/reset
  POST W/snapshots
  POST W/snapshots/{name}/restore
  DELETE W/snapshots/{name}
  GET W/clock
  POST W/clock
  GET W/switches
  PATCH W/switches
  GET W/settings
  PATCH W/settings
  GET W/libraries
  POST W/libraries
  GET W/libraries/{uId}
  PATCH W/libraries/{uId}
  GET W/libraries/{uId}/tokens
  POST W/libraries/{uId}/tokens
  POST W/tokens/{tokenId}/revoke
  POST W/tokens/{tokenId}/expire
  POST W/tokens/{tokenId}/forget
  POST W/tokens/{tokenId}/legacy
  POST W/tokens/{tokenId}/restore
  POST W/accounts/{account}/password-changed
  POST W/accounts/{account}/left
  POST W/libraries/{uId}/buy
  POST W/libraries/{uId}/refund
  POST W/transfers
  POST W/libraries/{uId}/assignments
  DELETE W/libraries/{uId}/assignments
  PUT W/libraries/{uId}/mdm-info
  DELETE W/libraries/{uId}/mdm-info
  POST W/libraries/{uId}/users/{clientUserId}/accept-invite
  PUT W/catalog/{adamId}
  DELETE W/catalog/{adamId}
  GET W/libraries/{uId}/truth
  GET W/events
  POST W/event-scripts
  POST W/events/{eventId}/finish
  GET W/walk-scripts
  POST W/walk-scripts
  DELETE W/walk-scripts/{id}
  GET W/faults
  POST W/faults
  DELETE W/faults/{id}
  GET W/journal
  DELETE W/journal
  POST W/journal/assert
  GET W/notifications
  POST W/notifications/send
  POST W/notifications/redeliver
  POST W/notifications/hold
  POST W/notifications/drop
  POST W/libraries/{uId}/generate`

test('every call of Apple contract 11.5 is served', () => {
  const served = routes.map(({ method, path }) => `${method} ${path}`)
  const wanted = calls.trim().split(/\n */)
  const missing = wanted
    .map((call) => call.replace(' W', ' /simulator/worlds/{world}'))
    .filter((call) => !served.includes(call))
  expect(wanted).toHaveLength(56)
  expect(missing).toEqual([])
})
