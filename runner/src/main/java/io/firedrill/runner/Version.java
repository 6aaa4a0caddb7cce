package io.firedrill.runner;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Says which Firedrill this is, from the manifest of its jar, and on which Java it runs. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("(from a checkout)");
        return new String[] {"firedrill " + version, "Java " + System.getProperty("java.version")};
    }
}
