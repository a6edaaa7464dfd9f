/** The addresses of the public pages, relative to the node. */
export const paths = {
  home: '/',
  register: '/register',
  system: (id: string) => `/register/${encodeURIComponent(id)}`,
  systemVersion: (id: string, number: number) => `/register/${encodeURIComponent(id)}/versions/${number}`,
  systemExport: (id: string, format: string) => `/register/${encodeURIComponent(id)}/exports/${format}`,
  schema: (name: string) => `/register/schemas/${name}.schema.json`,
  overview: '/.well-known/algorithm-register',
  dataset: (id: string) => `/datasets/${encodeURIComponent(id)}`,
  model: (id: string) => `/models/${encodeURIComponent(id)}`,
  audit: (id: string) => `/audits/${encodeURIComponent(id)}`,
  report: (id: string) => `/audits/${encodeURIComponent(id)}/report.json`,
  pdf: (id: string) => `/audits/${encodeURIComponent(id)}/report.pdf`,
  findings: (id: string) => `/audits/${encodeURIComponent(id)}/findings.json`,
  credential: (id: string) => `/audits/${encodeURIComponent(id)}/credential.json`,
  stylesheet: '/assets/hansa.css',
  icon: '/assets/hansa.svg',
} as const;
