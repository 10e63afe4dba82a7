import { describeSimulator } from '../openapi/description.ts'
import { type ControlHandler, ok } from './control-call.ts'

export const getDescription: ControlHandler = ({ plane }) => ok(describeSimulator(plane.origins))
