import { versionId } from '../library/versions.ts'
import { type Answer, jsonAnswer, Refusal } from './answer.ts'
import { commonMembers } from './common-members.ts'
import type { LocationHandler } from './endpoints.ts'
import type { LocationCall } from './request.ts'

/** No location of this simulator ever bought a subscription, so that no list has a next cursor (Apple contract 11.3 S11). */
export function noSubscriptions(list: 'subscriptions' | 'assignments' | 'admins'): LocationHandler {
  return (call) =>
    jsonAnswer(200, {
      [list]: [],
      versionId: versionId('subscriptions', call.library.uId, 1),
      ...commonMembers(call),
    })
}

/** Holds for the token that asks, not for its location (Apple contract 2.9). */
export function manageSubscriptions(isOn: boolean): LocationHandler {
  return (call) => {
    call.token.managesSubscriptions = isOn
    const { mdmInfo = null, ...common } = commonMembers(call)
    return {
      ...jsonAnswer(200, { mdmInfo, subscriptionManagement: isOn, ...common }),
      effect: `subscriptions ${isOn ? 'enabled' : 'disabled'}`,
    }
  }
}

export function refuseSubscriptionWrite(_: LocationCall): Answer {
  throw new Refusal(9811)
}
