import { type Answer, jsonAnswer } from './answer.ts'

/** Honest about what stands in the Apple contract but not in this simulator: nothing happens, nothing is faked. */
export function notBuiltYet(): Answer {
  return jsonAnswer(501, {
    error:
      'This endpoint is in the Apple contract, but the simulator does not serve it yet. Nothing was changed. Use the control plane to bring the location into the state you need.',
  })
}
