// Which artifacts make the conformance kit.
import { dependency, jarsOf } from '../../support/maven.mjs';

const kitVersion = '1.0.1';

/** OkHttp's own artifact is empty for Maven, so that its content is named. */
const kit = {
  version: kitVersion,
  bills: ['org.junit:junit-bom:6.1.0'],
  dependencies: [
    dependency(`org.eclipse.dataspacetck.dsp:dsp-tck:${kitVersion}`),
    dependency('com.squareup.okhttp3:okhttp-jvm:5.4.0'),
    dependency('org.junit.platform:junit-platform-launcher'),
    dependency('org.eclipse.parsson:parsson:1.1.9'),
  ],
};

/**
 * The folder of the kit's jars: the one that is given, or what Maven brings.
 *
 * @param {string | undefined} given
 * @param {(text: string) => void} say
 * @throws Unavailable when it cannot be had.
 */
export function kitJars(given, say) {
  return jarsOf({ name: 'dsp-tck', versions: [kit], given, say }).folder;
}
