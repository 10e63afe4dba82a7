import { type Answer, jsonAnswer } from './answer.ts'
import { listedErrorCodes } from './error-numbers.ts'
import { lookupPath } from './lookup.ts'
import type { OpenCall } from './request.ts'

/** Apple contract 2.2: no login. The addresses point at this simulator, nothing of it leaves the machine (11.1). */
export function getServiceConfig({ world, worldUrl }: OpenCall): Answer {
  const { settings, switches } = world.state
  const { maxRequestPerSecond, ...otherLimits } = settings.limits
  const base = `${worldUrl}/mdm/v2`
  return jsonAnswer(200, {
    errorCodes: listedErrorCodes(),
    limits: {
      ...otherLimits,
      ...(switches.maxRequestPerSecondShown === 'yes' && { maxRequestPerSecond }),
    },
    notificationTypes: ['ASSET_MANAGEMENT', 'USER_MANAGEMENT', 'USER_ASSOCIATED', 'ASSET_COUNT'],
    urls: {
      clientConfig: `${base}/client/config`,
      getAssets: `${base}/assets`,
      associateAssets: `${base}/assets/associate`,
      disassociateAssets: `${base}/assets/disassociate`,
      revokeAssets: `${base}/assets/revoke`,
      getAssignments: `${base}/assignments`,
      getUsers: `${base}/users`,
      createUsers: `${base}/users/create`,
      updateUsers: `${base}/users/update`,
      retireUsers: `${base}/users/retire`,
      eventStatus: `${base}/status`,
      contentMetadataLookup: `${worldUrl}${lookupPath}`,
      invitationEmail: `${worldUrl}/WebObjects/MZFinance.woa/wa/associateVPPUserWithITSAccount?inviteCode=%25inviteCode%25&mt=8`,
    },
  })
}
