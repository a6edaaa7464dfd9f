package eu.hansa.conformance;

import java.io.FileInputStream;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/**
 * Holds files against profiles of veraPDF: {@code 3a,ua1 one.pdf two.pdf}. Prints one line for each pair,
 * {@code SUCCESSFUL: one.pdf 3a (123 checks)} or {@code FAILED: one.pdf 3a}, and under a failure each rule that is broken.
 */
public class CheckPdfs {

    private CheckPdfs() {}

    public static void main(String[] parameters) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (var i = 1; i < parameters.length; i++) {
            for (var profile : parameters[0].split(",")) {
                check(parameters[i], profile);
            }
        }
    }

    private static void check(String file, String profile) throws Exception {
        var flavour = PDFAFlavour.fromString(profile);
        var name = file + " " + profile;
        try (var content = new FileInputStream(file);
             var parser = Foundries.defaultInstance().createParser(content, flavour);
             var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            var result = validator.validate(parser);
            if (result.isCompliant()) {
                System.out.println("SUCCESSFUL: " + name + " (" + result.getTotalAssertions() + " checks)");
                return;
            }
            var broken = new TreeMap<String, Integer>();
            for (var assertion : result.getTestAssertions()) {
                if (assertion.getStatus() != TestAssertion.Status.FAILED) continue;
                var rule = assertion.getRuleId();
                broken.merge(rule.getClause() + "-" + rule.getTestNumber() + " " + assertion.getMessage(), 1, Integer::sum);
            }
            System.out.println("FAILED: " + name);
            broken.forEach((rule, times) -> System.out.println("  " + times + " times " + rule));
        }
    }
}
