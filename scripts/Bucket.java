import java.net.URI;
import java.util.logging.Level;
import java.util.logging.Logger;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/** Makes a bucket on any S3 server: {@code Bucket.java ENDPOINT BUCKET}, credentials from the environment. */
final class Bucket {
    /** Held, for a logger nobody holds loses its level. */
    private static final Logger ROOT = Logger.getLogger("");

    private Bucket() {}

    public static void main(String[] args) {
        ROOT.setLevel(Level.SEVERE);
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
