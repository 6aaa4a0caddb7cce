package io.firedrill.doctor;

import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Principals;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds what our user may do against the roles that we ship: what is missing, by name, and what is too much. */
final class PrivilegeCheck {
    private static final int NAMES_MAX = 12;

    private final Deployment deployment;
    private final String database;
    private final Findings findings;

    /**
     * @param database that migrations are applied to
     */
    PrivilegeCheck(Deployment deployment, String database, Findings findings) {
        this.deployment = deployment;
        this.database = database;
        this.findings = findings;
    }

    /**
     * Looks.
     *
     * @param needed whose work is to be done
     * @param useful whose work may have to be done besides
     * @param fitting whose work the user may be for besides: what they need is not too much
     */
    void look(Set<Role> needed, Set<Role> useful, Set<Role> fitting) {
        var principals = new Principals(deployment);
        if (principals.own().isEmpty()) {
            asksNobody();
            return;
        }
        List<Grant> granted = Grant.all(principals.ownPrivileges());
        needed.forEach(role -> missing(role, granted));
        useful.forEach(role -> lacking(role, granted));
        excess(granted, fitting);
    }

    private void asksNobody() {
        // Fails where the server does ask, and we have said nothing.
        deployment.identity();
        findings.skip(
                Check.PRIVILEGES,
                FailureKind.ACCESS_DENIED,
                "the server asks nobody for a password, so everybody may do everything");
        findings.warn(
                Check.EXCESS,
                FailureKind.ACCESS_DENIED,
                "access control is off: whoever reaches the server may read and write everything",
                "Start mongod with --auth or a key file, and make a user with 'firedrill doctor roles'.");
    }

    private List<Grant> missingOf(Role role, List<Grant> granted) {
        return role.grants(database).stream()
                .filter(grant -> granted.stream().noneMatch(each -> each.covers(grant)))
                .toList();
    }

    private void lacking(Role role, List<Grant> granted) {
        List<Grant> missing = missingOf(role, granted);
        if (missing.isEmpty()) {
            findings.ok(Check.PRIVILEGES, "all that the role %s needs besides".formatted(role.roleName()));
        } else {
            findings.warn(
                    Check.PRIVILEGES,
                    FailureKind.ACCESS_DENIED,
                    "%s is missing %s".formatted(role.id(), words(missing)),
                    "A restore to a moment (--at), or of a backup with an oplog, would be refused: grant the role %s, as 'firedrill doctor roles %s' prints it."
                            .formatted(role.roleName(), role.id()));
        }
    }

    private void missing(Role role, List<Grant> granted) {
        List<Grant> missing = missingOf(role, granted);
        if (missing.isEmpty()) {
            findings.ok(Check.PRIVILEGES, "all that the role %s needs".formatted(role.roleName()));
        } else {
            findings.fail(
                    Check.PRIVILEGES,
                    FailureKind.ACCESS_DENIED,
                    "%s is missing %s".formatted(role.id(), words(missing)),
                    "Grant its user the role %s, as 'firedrill doctor roles %s' prints it."
                            .formatted(role.roleName(), role.id()));
        }
    }

    private void excess(List<Grant> granted, Set<Role> fitting) {
        List<Grant> wanted =
                fitting.stream().flatMap(role -> role.grants(database).stream()).toList();
        List<Grant> excess = granted.stream()
                .filter(grant -> wanted.stream().noneMatch(each -> each.covers(grant)))
                .toList();
        if (excess.isEmpty()) {
            findings.ok(Check.EXCESS, "nothing that it does not need");
        } else {
            findings.warn(
                    Check.EXCESS,
                    FailureKind.ACCESS_DENIED,
                    "its user may do more than is needed: " + words(excess),
                    "Take it away; %s is enough: 'firedrill doctor roles' prints it."
                            .formatted(fitting.stream().map(Role::roleName).collect(Collectors.joining(" and "))));
        }
    }

    private static String words(Collection<Grant> grants) {
        String more = grants.size() > NAMES_MAX ? " and %d more".formatted(grants.size() - NAMES_MAX) : "";
        return grants.stream().limit(NAMES_MAX).map(Grant::words).collect(Collectors.joining(", ")) + more;
    }
}
