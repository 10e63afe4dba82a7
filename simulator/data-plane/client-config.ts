import { isTargetReachable } from '../notifications/knock.ts'
import { worldNow } from '../world/world.ts'
import { type Answer, jsonAnswer, Refusal } from './answer.ts'
import { type ConfigRequest, decodeConfigRequest } from './client-config-request.ts'
import { commonMembers } from './common-members.ts'
import type { LocationCall } from './request.ts'

export function getClientConfig(call: LocationCall): Answer {
  return jsonAnswer(200, configOf(call))
}

/** Last write wins, nothing is compared (Apple contract 2.3, 11.3 S7). */
export async function postClientConfig(call: LocationCall): Promise<Answer> {
  const request = decodeConfigRequest(call.body, call.world.state)
  // Apple's test message has to arrive before anything changes: 9728 leaves all as it was (Apple contract 2.3).
  if (request.notification !== undefined && request.notification !== 'clear') {
    const { world, library } = call
    const isTaken = await isTargetReachable(world, library, request.notification, worldNow(world))
    if (!isTaken) throw new Refusal(9728)
  }
  const effect = applyConfig(call, request)
  return { ...jsonAnswer(200, configOf(call)), ...(effect !== '' && { effect }) }
}

function applyConfig({ library }: LocationCall, request: ConfigRequest): string {
  const effects: string[] = []
  if (request.mdmInfo !== undefined) {
    library.mdmInfo = request.mdmInfo
    effects.push(`mdmInfo ${request.mdmInfo.id}`)
  }
  if (request.notification === 'clear') {
    delete library.notification
    effects.push('notification target cleared')
  } else if (request.notification !== undefined) {
    library.notification = request.notification
    effects.push('notification target set')
  }
  if (request.notificationTypes !== undefined) {
    library.subscribedNotificationTypes = request.notificationTypes
    effects.push('notification types set')
  }
  return effects.join(', ')
}

function configOf(call: LocationCall) {
  const { library } = call
  const { mdmInfo, ...common } = commonMembers(call, 'clientConfig')
  return {
    countryISO2ACode: library.countryISO2ACode,
    defaultPlatform: library.defaultPlatform,
    locationName: library.locationName,
    websiteURL: library.websiteURL,
    ...(mdmInfo !== undefined && { mdmInfo }),
    ...(library.notification && {
      notificationUrl: library.notification.url,
      notificationAuthToken: library.notification.authToken,
    }),
    subscribedNotificationTypes: library.subscribedNotificationTypes,
    ...common,
  }
}
