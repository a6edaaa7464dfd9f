export { mutationsOf } from './mutations.js';
