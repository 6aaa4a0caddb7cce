import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.net.URI;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/** Makes a bucket on any S3 server: {@code Bucket.java ENDPOINT BUCKET}, credentials from the environment. */
final class Bucket {
    private Bucket() {}

    public static void main(String[] args) {
        // Without a configuration Logback prints everything on standard output, headers with signatures too.
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        if (args.length != 2) {
            System.err.println("usage: Bucket.java ENDPOINT BUCKET");
            System.exit(2);
        }
        try (S3Client s3 = S3Client.builder()
                .endpointOverride(URI.create(args[0]))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .build()) {
            s3.createBucket(bucket -> bucket.bucket(args[1]));
        } catch (BucketAlreadyOwnedByYouException there) {
            System.err.println("bucket " + args[1] + " is there already");
        }
    }
}
