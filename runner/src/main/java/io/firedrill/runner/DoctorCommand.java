package io.firedrill.runner;

import picocli.CommandLine.Command;

/** {@code firedrill doctor}. */
@Command(
        name = "doctor",
        description = "Examine what runs in a cluster, before it does.",
        footer = "  kubectl kustomize k8s/overlays/prod | firedrill doctor manifests -")
final class DoctorCommand extends CommandGroup {}
