"""Two processes of `syncdrill sync` on one PostgreSQL: one is killed, or stands still, and the other goes on."""
