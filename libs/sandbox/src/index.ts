export { type ChildEnd, type ChildLimits, type ChildReply, KillableChild } from './killable-child.js';
