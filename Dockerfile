# For those who want to build with Docker what scripts/image has laid out in target/image/root:
#
#   scripts/image && docker build --tag firedrill .
#
# It is the same image in content; its digest is another, and differs from build to build. CI holds what follows against what
# scripts/image writes. For a base of somebody else's: scripts/image --base.
FROM scratch
COPY target/image/root/etc/ /etc/
COPY target/image/root/lib/ /lib/
COPY target/image/root/lib64/ /lib64/
COPY target/image/root/usr/ /usr/
COPY target/image/root/var/lib/dpkg/ /var/lib/dpkg/
COPY target/image/root/opt/ /opt/
COPY target/image/root/app/lib/ /app/lib/
COPY target/image/root/app/mongock/ /app/mongock/
COPY target/image/root/app/native/ /app/native/
COPY target/image/root/app/firedrill.jar target/image/root/app/firedrill.jsa target/image/root/app/java.options /app/
COPY --chown=10001:10001 --chmod=777 target/image/root/tmp/ /tmp/
COPY --chown=10001:10001 --chmod=777 target/image/root/var/lib/firedrill/ /var/lib/firedrill/
ENV FIREDRILL_STATE_DIR=/var/lib/firedrill HOME=/var/lib/firedrill LANG=C.UTF-8 PATH=/opt/java/bin
WORKDIR /var/lib/firedrill
USER 10001:10001
ENTRYPOINT ["/opt/java/bin/java", "@/app/java.options", "-jar", "/app/firedrill.jar"]
