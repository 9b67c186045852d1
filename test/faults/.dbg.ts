import { survey, unreached } from './matrix.ts';
const s=await survey(); console.log(s.problems, unreached(s.reached)); process.exit(0);
