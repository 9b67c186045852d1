/** Somebody asked for a thing that the bot does not know. */
import { UserError } from '../errors.ts';

export class NotThere extends UserError {}
