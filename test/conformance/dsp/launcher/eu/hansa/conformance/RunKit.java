package eu.hansa.conformance;

import java.io.FileReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Properties;
import org.eclipse.dataspacetck.core.system.ConsoleMonitor;
import org.eclipse.dataspacetck.dsp.system.DspSystemLauncher;
import org.eclipse.dataspacetck.runtime.ConsoleResultWriter;
import org.eclipse.dataspacetck.runtime.TckRuntime;

/** Runs the tests of the conformance kit where its own launcher is not published: {@code -config file.properties}. */
public class RunKit {

    private RunKit() {}

    public static void main(String[] parameters) throws IOException {
        var settings = new Properties();
        try (var file = new FileReader(parameters[1])) {
            settings.load(file);
        }
        var properties = new HashMap<String, String>();
        settings.stringPropertyNames().forEach(name -> properties.put(name, settings.getProperty(name)));
        var monitor = new ConsoleMonitor(true, false);
        var summary = TckRuntime.Builder.newInstance()
            .properties(properties)
            .launcher(DspSystemLauncher.class)
            .addPackage("org.eclipse.dataspacetck.dsp.verification")
            .monitor(monitor)
            .build()
            .execute();
        new ConsoleResultWriter(monitor).output(summary);
        monitor.message("Test run complete");
        // The kit leaves threads behind.
        System.exit(0);
    }
}
