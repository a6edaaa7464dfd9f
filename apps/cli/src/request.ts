// undici is CommonJS: where the bundle imports it at run time it has no names, and here it has.
export { request } from 'undici';
