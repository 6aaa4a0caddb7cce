package io.firedrill.runner;

import io.firedrill.manifests.ManifestDoctor;
import io.firedrill.manifests.ManifestSource;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firedrill doctor manifests}. */
@Command(
        name = "manifests",
        description = "Examine rendered Kubernetes manifests, anybody's: unknown fields, wrong types, risky settings.",
        footer = {
            "  kubectl kustomize k8s/overlays/prod | firedrill doctor manifests -",
            "  helm template shop chart | firedrill doctor manifests - --declared-secret shop-tls",
            "  firedrill doctor manifests rendered/ --output sarif > manifests.sarif",
            "Nothing is asked of a cluster. All that is named is looked at as one set, that is applied together. An annotation",
            "doctor.firedrill.io/RULE: REASON on a resource waives a rule for it. The rules: docs/MANIFESTS.md."
        })
final class DoctorManifestsCommand implements Callable<Integer>, Described {
    private static final String STDIN = "-";

    private final Session session;

    @Parameters(
            paramLabel = "DIR|FILE|-",
            arity = "1..*",
            description = "Directories and files with rendered manifests; - is standard input.")
    private List<String> places = List.of();

    @Option(
            names = "--declared-secret",
            paramLabel = "NAME",
            description = "A secret that is made elsewhere, also as NAMESPACE/NAME. May be repeated.")
    private List<String> declaredSecrets = List.of();

    DoctorManifestsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<ManifestSource> sources = places.stream().flatMap(this::sources).toList();
        var result = ManifestsResult.of(new ManifestDoctor().examine(sources, new HashSet<>(declaredSecrets)));
        session.manifestsPrinter().print(result);
        Judgement.of(result);
        return ExitCode.OK.code();
    }

    private Stream<ManifestSource> sources(String place) {
        return place.equals(STDIN)
                ? Stream.of(ManifestSource.of(STDIN, session.in()))
                : ManifestSource.of(session.resolve(Path.of(place)), place).stream();
    }

    @Override
    public List<OutputFormat> formats() {
        return List.of(OutputFormat.TEXT, OutputFormat.JSON, OutputFormat.SARIF);
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(ExitCode.OK, ExitCode.UNEXPECTED, ExitCode.USAGE, ExitCode.MANIFESTS_FAULTY);
    }
}
