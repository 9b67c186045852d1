/** Somebody asked for a thing that the bot does not know. */
import { UserError } from '../record/errors.ts';

export class NotThere extends UserError {}
